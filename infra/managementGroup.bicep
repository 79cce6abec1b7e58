targetScope = 'managementGroup'

@description('Object ID of the auditor\'s identity: the output AUDITOR_PRINCIPAL_ID of main.bicep.')
param principalId string

@description('The environmentName of main.bicep.')
param environmentName string

@description('Assigns the built-in Reader instead of the custom role, where custom roles are not allowed.')
param useReader bool = false

// The same list as in main.bicep. Reading management groups makes sense here only.
var readRole = loadJsonContent('readRole.json')
var name = guid(managementGroup().id, environmentName, 'read')

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (!useReader) {
  name: name
  properties: {
    // Names of roles are unique in the tenant.
    roleName: 'AKS subnet auditor (${environmentName}, group ${managementGroup().name})'
    description: 'Reads what the AKS subnet auditor judges. No write, no credential, no data.'
    type: 'CustomRole'
    permissions: [
      {
        actions: concat(readRole.actions, readRole.managementGroupActions)
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [managementGroup().id]
  }
}

var reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, principalId, useReader ? reader : name)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: useReader ? tenantResourceId('Microsoft.Authorization/roleDefinitions', reader) : role.id
  }
}
