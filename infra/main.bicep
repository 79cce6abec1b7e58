targetScope = 'subscription'

@description('Short name of this installation. It makes all other names.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of all resources.')
param location string

@description('Resource group that is made for the auditor.')
param resourceGroupName string = 'rg-aks-subnet-auditor-${environmentName}'

@description('Subscriptions that the auditor reads, with commas between them: those of the clusters and those of their networks. Empty: this one, or none with a management group, whose role comes from managementGroup.bicep.')
param subscriptions string = ''

@description('Management group whose clusters are judged. Its role is a deployment of its own: managementGroup.bicep.')
param managementGroup string = ''

@description('Assigns the built-in Reader instead of the custom role, where custom roles are not allowed.')
param useReader bool = false

@description('Address of the Teams workflow. Whoever knows it can post. Empty: the vault keeps the address that it has.')
@secure()
param teamsWebhookUrl string = ''

@description('Further settings of the README by name, such as AUDIT_SCHEDULE.')
param settings object = {}

@description('Addresses that get an email when the auditor itself is ill, with commas between them.')
param alertEmails string = ''

@description('An audit must end within this many hours, or the alert rule fires. Log search looks back 48 hours at most.')
@minValue(2)
@maxValue(48)
param lateHours int = 26

@description('Resource ID of an existing Log Analytics workspace. Empty: a workspace of its own.')
param workspaceId string = ''

@description('Closes storage and vault to the internet. The app reaches them through private endpoints.')
param privateNetwork bool = false

@description('Address range of the virtual network, with at least 64 addresses. Only with privateNetwork.')
param virtualNetworkAddressPrefix string = '10.255.0.0/26'

@description('Where the workflow keeps its state: the storage account, or a Durable Task Scheduler.')
@allowed(['storage', 'scheduler'])
param durableBackend string = 'storage'

@description('Hosting plan. Dedicated is for clouds without Flex Consumption, such as Azure Government.')
@allowed(['flex', 'dedicated'])
param plan string = 'flex'

@description('Size of the dedicated plan. It needs 3.5 GB of memory.')
param dedicatedSize string = 'B2'

// Measured: an audit of 10,000 clusters peaks at 400 to 480 MiB in the Node process, and the host runs beside it.
@description('Memory of one Flex Consumption instance in MB, for host and worker together.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Node version of the app.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Client ID of the app registration for sign-in to the report. Empty: no sign-in.')
param signInClientId string = ''

@description('Object IDs of the users who may sign in, with commas between them. With no user and no group, nobody can.')
param signInUsers string = ''

@description('Object IDs of the groups whose members may sign in, with commas between them.')
param signInGroups string = ''

@description('Tags of all resources.')
param tags object = {}

var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName })
var ownSubscription = empty(managementGroup) ? [subscription().subscriptionId] : []
var readSubscriptions = empty(subscriptions) ? ownSubscription : split(replace(subscriptions, ' ', ''), ',')
var signIn = !empty(signInClientId)
var vaultName = 'kv-aks-${token}'
var webhookSecretName = 'teams-webhook-url'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupName
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  name: 'identity'
  params: {
    name: 'id-aks-subnet-auditor-${token}'
    location: location
    tags: allTags
  }
}

// An identity of its own: whoever has it can act as the app registration, and must not read the fleet with it.
module signInIdentity 'modules/identity.bicep' = if (signIn) {
  scope: group
  name: 'sign-in-identity'
  params: {
    name: 'id-aks-subnet-auditor-sign-in-${token}'
    location: location
    tags: allTags
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  name: 'network'
  params: {
    name: 'vnet-aks-subnet-auditor-${token}'
    location: location
    tags: allTags
    addressPrefix: virtualNetworkAddressPrefix
    delegation: plan == 'flex' ? 'Microsoft.App/environments' : 'Microsoft.Web/serverFarms'
    storageAccountId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    name: 'staks${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    publicNetworkAccess: !privateNetwork
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  name: 'vault'
  params: {
    name: vaultName
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    secretName: webhookSecretName
    secretValue: teamsWebhookUrl
    publicNetworkAccess: !privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    name: 'aks-subnet-auditor-${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    workspaceId: workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'scheduler') {
  scope: group
  name: 'scheduler'
  params: {
    name: 'dts-aks-${token}'
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
  }
}

module app 'modules/app.bicep' = {
  scope: group
  name: 'app'
  params: {
    name: 'func-aks-subnet-auditor-${token}'
    location: location
    tags: allTags
    plan: plan
    dedicatedSize: dedicatedSize
    instanceMemoryMB: instanceMemoryMB
    nodeVersion: nodeVersion
    identityName: identity.outputs.name
    signInIdentityName: signIn ? signInIdentity!.outputs.name : ''
    storageAccountName: storage.outputs.name
    deploymentContainer: storage.outputs.deploymentContainer
    componentName: monitoring.outputs.componentName
    schedulerName: durableBackend == 'scheduler' ? scheduler!.outputs.name : ''
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    settings: union(
      {
        AUDIT_SUBSCRIPTIONS: join(readSubscriptions, ',')
        AUDIT_MANAGEMENT_GROUPS: managementGroup
        RESOURCE_MANAGER_ENDPOINT: environment().resourceManager
        TEAMS_WEBHOOK_URL: 'https://${vaultName}${environment().suffixes.keyvaultDns}/secrets/${webhookSecretName}'
      },
      settings
    )
  }
}

module auth 'modules/auth.bicep' = if (signIn) {
  scope: group
  name: 'auth'
  params: {
    appName: app.outputs.name
    clientId: signInClientId
    users: empty(signInUsers) ? [] : split(replace(signInUsers, ' ', ''), ',')
    groups: empty(signInGroups) ? [] : split(replace(signInGroups, ' ', ''), ',')
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    location: location
    tags: allTags
    componentId: monitoring.outputs.componentId
    emails: empty(alertEmails) ? [] : split(replace(alertEmails, ' ', ''), ',')
    lateHours: lateHours
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  name: 'workbook'
  params: {
    location: location
    tags: allTags
    componentId: monitoring.outputs.componentId
  }
}

// Every action that the queries need, and no other: `npm run docs` writes the list.
var readRole = loadJsonContent('readRole.json')
var readRoleName = guid(subscription().id, environmentName, 'read')

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (!useReader && !empty(readSubscriptions)) {
  name: readRoleName
  properties: {
    // Names of roles are unique in the tenant.
    roleName: 'AKS subnet auditor (${environmentName}, ${token})'
    description: 'Reads what the AKS subnet auditor judges. No write, no credential, no data.'
    type: 'CustomRole'
    permissions: [{ actions: readRole.actions, notActions: [], dataActions: [], notDataActions: [] }]
    assignableScopes: map(readSubscriptions, id => '/subscriptions/${id}')
  }
}

module readers 'modules/role.bicep' = [
  for id in readSubscriptions: {
    scope: subscription(id)
    name: 'aks-subnet-auditor-${token}'
    params: {
      principalId: identity.outputs.principalId
      roleDefinitionName: useReader ? 'acdd72a7-3385-48ef-bd42-f606fba81ae7' : readRoleName
    }
    dependsOn: [role]
  }
]

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP string = app.outputs.name
output AUDITOR_API string = 'https://${app.outputs.hostName}/api'
output AUDITOR_PRINCIPAL_ID string = identity.outputs.principalId
output AUDITOR_MANAGEMENT_GROUP string = managementGroup
output AUDITOR_VAULT string = vault.outputs.name
output SIGN_IN_PRINCIPAL_ID string = signIn ? signInIdentity!.outputs.principalId : ''
